"""From the scorers' probabilities to a confidence."""

import numpy as np
import pytest
from hypothesis import given as drawn_from
from hypothesis import strategies as st

from quotes.confidence import N_CONFIDENCE, WEIGHTS, confidence, confidence_features
from quotes.records import Evidence
from quotes.sources import NAME, PRONOUN, RULES

ONE, SCORE, RIVAL, SPEECH, INDIRECT = range(N_CONFIDENCE - len(RULES))
LEAST = np.log(0.005 / 0.995)


def evidence(score=0.5, speech=None, *rivals, rule=PRONOUN):
    return Evidence(rule, speech, score, rivals=tuple((f"s{k}", p) for k, p in enumerate(rivals)))


def heads(weights):
    """A calibration with these weights, {place: weight}, and 0 for the other features."""
    found = np.zeros(N_CONFIDENCE, dtype=np.float32)
    for feature, weight in weights.items():
        found[feature] = weight
    return {WEIGHTS: found}


@pytest.mark.parametrize(("score", "expected"), [(0.0, 0), (0.3, 0.3), (1.0, 1), (-0.2, 0), (1.0001, 1)])
def test_model_without_calibration_gives_the_scorers_own(score, expected):
    assert confidence({}, evidence(score, 0.9, 0.4)) == expected
    assert confidence({"speech.0.bias": np.zeros(1)}, evidence(score)) == expected


def test_features_have_their_shape():
    found = confidence_features(evidence())
    assert (found.shape, found.dtype) == ((N_CONFIDENCE,), np.float32)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (evidence(0.5), [1, 0, LEAST, 0, 1]),
        (evidence(0.5, 0.5), [1, 0, LEAST, 0, 0]),
        (evidence(0.9, 0.8, 0.1), [1, np.log(9), -np.log(9), np.log(4), 0]),
        (evidence(0.5, None, 0.1, 0.75, 0.2), [1, 0, np.log(3), 0, 1]),
        (evidence(1.0, 0.0, 1.0), [1, -LEAST, -LEAST, LEAST, 0]),
    ],
)
def test_features_are_log_odds(given, expected):
    assert confidence_features(given)[: N_CONFIDENCE - len(RULES)] == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_place_of_its_own(rule):
    assert confidence_features(evidence(rule=rule))[-len(RULES) :].tolist() == [r == rule for r in RULES]


def test_rule_that_no_calibration_saw_has_none():
    assert not confidence_features(evidence(rule="a new rule"))[-len(RULES) :].any()


@pytest.mark.parametrize(
    ("weights", "given", "expected"),
    [
        ({}, evidence(0.9), 1 / 2),
        ({SCORE: 1}, evidence(0.9), 0.9),
        ({SCORE: 1, ONE: np.log(2)}, evidence(0.5), 2 / 3),
        ({SCORE: 1, RIVAL: -1}, evidence(0.8, None, 0.2), 16 / 17),
        ({SPEECH: 1}, evidence(0.9, 0.7), 0.7),
        ({INDIRECT: -np.log(3)}, evidence(), 1 / 4),
        ({INDIRECT: -np.log(3)}, evidence(speech=0.9), 1 / 2),
        ({RULES.index(NAME) - len(RULES): np.log(4)}, evidence(rule=NAME), 0.8),
        ({RULES.index(NAME) - len(RULES): np.log(4)}, evidence(rule=PRONOUN), 1 / 2),
    ],
)
def test_calibration_is_logistic(weights, given, expected):
    assert confidence(heads(weights), given) == pytest.approx(expected)


PROBABILITY = st.floats(0, 1)


@drawn_from(
    PROBABILITY,
    PROBABILITY | st.none(),
    st.lists(PROBABILITY, max_size=3),
    st.sampled_from(RULES),
    st.lists(st.floats(-5, 5, width=32), min_size=N_CONFIDENCE, max_size=N_CONFIDENCE),
)
def test_confidence_is_a_probability(score, speech, rivals, rule, drawn):
    found = evidence(score, speech, *rivals, rule=rule)
    for calibration in ({}, heads(dict(enumerate(drawn)))):
        value = confidence(calibration, found)
        assert type(value) is float
        assert 0 <= value <= 1
