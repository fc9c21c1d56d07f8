"""A scenario as it stands in its file."""

from pathlib import Path

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.harness.scenario import Scenario, find_scenario, load_scenario, parse_scenario, shipped

HEAD = 'title = "t"\nwhy = "w"\n'
CUT = '[[rules]]\nid = "cut"\nfault = { kind = "websocket.abort" }\n'


def told(text: str) -> Scenario:
    return parse_scenario(HEAD + text)


class TestWhatFollows:
    def test_the_transports_above_the_given_one_are_refused_before_the_page_opens(self) -> None:
        scenario = told('[given]\ntransport = "polling"')
        assert [rule.id for rule in scenario.before] == ["no-websocket", "no-eventsource"]
        assert [rule.when.transport for rule in scenario.before] == ["websocket", "eventsource"]

    def test_all_rules_but_the_given_ones_are_healed_in_the_end(self) -> None:
        scenario = told(f'{CUT}[[given.rules]]\nid = "slow"\nfault = {{ kind = "connection.latency" }}\n')
        assert scenario.healed == ("cut",)
        assert [rule.id for rule in scenario.before] == ["slow"]

    def test_a_rule_that_a_step_injects_waits_for_it(self) -> None:
        later = CUT.replace("cut", "later")
        scenario = told(f'{CUT}{later}[[steps]]\ndo = "inject"\nrules = ["later"]\n')
        assert [rule.id for rule in scenario.at_once] == ["cut"]

    def test_a_rule_without_a_name_is_called_after_its_kind(self) -> None:
        scenario = told('[[rules]]\nfault = { kind = "websocket.abort" }\n')
        assert [rule.id for rule in scenario.rules] == ["websocket.abort-1"]

    def test_pages_that_a_step_opens_count(self) -> None:
        assert told('[given]\npages = 2\n[[steps]]\ndo = "open"').pages == 3

    def test_it_says_what_server_and_person_must_be_able_to_do(self) -> None:
        scenario = told('[[steps]]\ndo = "event"\nwhat = "score"\n[[steps]]\ndo = "command"\n')
        assert (scenario.happenings, scenario.deeds) == ({"score"}, {"note"})

    def test_its_plan_for_work_by_hand_holds_all_its_rules(self) -> None:
        scenario = told(f'seed = 7\n{CUT}[given]\ntransport = "eventsource"')
        assert (scenario.plan.seed, [rule.id for rule in scenario.plan.rules]) == (7, ["no-websocket", "cut"])


class TestOrder:
    LATER = CUT.replace("cut", "later") + 'when = { after = "cut" }\n'

    def test_a_rule_may_wait_for_one_that_comes_with_it_or_before_it(self) -> None:
        inject = '[[steps]]\ndo = "inject"\nrules = ["later"]\n'
        assert told(f"{CUT}{self.LATER}{inject}").rules[1].when.after == "cut"
        together = inject.replace('"later"', '"later", "cut"')
        assert told(f"{CUT}{self.LATER}{together}").at_once == ()

    def test_a_rule_cannot_wait_for_one_that_comes_later(self) -> None:
        inject = '[[steps]]\ndo = "inject"\nrules = ["cut"]\n'
        words = (
            r"rules\[1\].when.after: 'cut' comes into force only later; inject it together with 'later' or before it"
        )
        with pytest.raises(PlanError, match=words):
            told(f"{CUT}{self.LATER}{inject}")


class TestScale:
    def test_multiplies_every_time_and_nothing_else(self) -> None:
        scenario = told(
            "seed = 30\n"
            '[[rules]]\nid = "hold"\nfault = { kind = "request.hold", for_ms = 400 }\n'
            "when = { after_ms = 50, nth = 2 }\n"
            '[[steps]]\ndo = "event"\napart_ms = 20\ntimes = 3\n'
            "[heal]\nafter_ms = 1000\n"
        ).at_scale(0.1)
        (rule,), (step,) = scenario.rules, scenario.steps
        assert rule.fault.model_dump()["for_ms"] == 40
        assert (rule.when.after_ms, rule.when.nth) == (5, 2)
        assert step.model_dump() == {"do": "event", "what": "note", "times": 3, "apart_ms": 2}
        assert (scenario.heal.after_ms, scenario.seed) == (100, 30)

    def test_reaches_what_stands_by_default(self) -> None:
        scenario = told('[[rules]]\nfault = { kind = "upstream.restart" }\n').at_scale(0.1)
        assert scenario.rules[0].fault.model_dump()["grace_ms"] == 500


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("", "why: is missing", id="missing"),
        pytest.param(HEAD + "tittle = 1", "tittle: unknown field 'tittle'; did you mean 'title'?", id="field"),
        pytest.param(HEAD + "[given]\npags = 1", "given.pags: unknown field 'pags'; did you mean 'pages'?", id="given"),
        pytest.param(
            HEAD + '[[rules]]\nfault = { kind = "websocket.abrt" }',
            "rules[0].fault.kind: unknown kind 'websocket.abrt'; did you mean 'websocket.abort'?",
            id="kind",
        ),
        pytest.param(
            HEAD + '[[given.rules]]\nfault = { kind = "websocket.abort", after = 1 }',
            "given.rules[0].fault.after: unknown field 'after'; there are 'after_messages'",
            id="setting of a given rule",
        ),
        pytest.param(
            HEAD + '[[steps]]\ndo = "wat"', "steps[0].do: unknown do 'wat'; did you mean 'wait'?", id="unknown step"
        ),
        pytest.param(HEAD + '[[steps]]\nwhat = "note"', "steps[0].do: is missing", id="step without a deed"),
        pytest.param(
            HEAD + '[[steps]]\ndo = "event"\nwhta = "note"',
            "steps[0].whta: unknown field 'whta'; did you mean 'what'?",
            id="field of a step",
        ),
        pytest.param(
            HEAD + CUT + '[[steps]]\ndo = "wait"\nfired = "cutt"',
            "steps[0].fired: unknown rule 'cutt'; did you mean 'cut'?",
            id="unknown rule",
        ),
        pytest.param(
            HEAD + CUT + '[heal]\nrules = ["x"]', "heal.rules: unknown rule 'x'; there are 'cut'", id="healed"
        ),
        pytest.param(
            HEAD + '[[steps]]\ndo = "hide"\npage = 2', "steps[0].page: there is no page 2; there are 1", id="page"
        ),
        pytest.param(
            HEAD + CUT + '[[given.rules]]\nid = "cut"\nfault = { kind = "websocket.abort" }',
            "rules: two rules have the id 'cut'; each needs its own",
            id="one id twice",
        ),
        pytest.param("title = ", "Invalid value (at end of document)", id="no TOML"),
    ],
)
def test_bad_input_is_one_clear_error(text: str, complaint: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_scenario(text, "my.toml")
    assert f"my.toml: {complaint}" in str(caught.value).splitlines()


def test_steps_may_be_repeated() -> None:
    steps = [{"do": "hide"}, {"repeat": 2, "steps": [{"do": "show"}, {"do": "hide"}]}]
    scenario = Scenario.model_validate({"title": "t", "why": "w", "steps": steps})
    assert [step.do for step in scenario.steps] == ["hide", "show", "hide", "show", "hide"]


def test_at_a_smaller_scale_as_many_bytes_take_a_shorter_time() -> None:
    fault = {"kind": "connection.throttle", "bytes_per_second": 1000}
    scenario = Scenario.model_validate({"title": "t", "why": "w", "rules": [{"id": "slow", "fault": fault}]})
    assert scenario.at_scale(0.1).rules[0].fault.model_dump()["bytes_per_second"] == pytest.approx(10_000)


class TestFiles:
    def test_a_shipped_one_is_found_by_its_name(self) -> None:
        assert find_scenario("transport/websocket-aborted").name == "transport/websocket-aborted"

    def test_any_other_is_found_by_its_path(self, tmp_path: Path) -> None:
        (tmp_path / "mine.toml").write_text(HEAD)
        assert find_scenario(str(tmp_path / "mine.toml")).name == "mine"

    def test_one_that_is_nowhere_names_the_nearest(self) -> None:
        with pytest.raises(PlanError, match="no such scenario, and no such file; did you mean 'transport/websocket-a"):
            find_scenario("transport/websocket-abort")

    def test_a_file_that_is_no_text_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "mine.toml").write_bytes(b"\xff")
        with pytest.raises(PlanError, match=r"mine\.toml: 'utf-8' codec"):
            load_scenario(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", shipped())
class TestShipped:
    def test_is_right_and_says_why(self, name: str) -> None:
        scenario = find_scenario(name)
        assert scenario.why.strip()
        assert scenario.title.strip(" .") == scenario.title

    def test_has_something_that_goes_wrong_or_says_that_nothing_does(self, name: str) -> None:
        scenario = find_scenario(name)
        handled = any(step.do in ("hide", "offline", "block", "leave", "reload", "open") for step in scenario.steps)
        assert scenario.rules or scenario.before or handled or "quiet" in name
