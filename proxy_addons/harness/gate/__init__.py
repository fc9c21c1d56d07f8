"""Did a change make recovery worse? What a run says of it, the rule, and what is compared with what."""
