"""How the history keeps what crosses the wire: raw, beyond a limit on disk, and decoded when somebody reads."""
