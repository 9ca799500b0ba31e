"""From the scorers' probabilities to a confidence that means what it says: a logistic calibration.

Fitted on articles that the model was not trained on (`training/calibrate.py`; Platt 1999, with the rule that decided as input).
"""

from collections.abc import Mapping

import numpy as np

from quotes.encoder import FloatArray
from quotes.records import Evidence
from quotes.sources import RULES

WEIGHTS = "confidence.weight"
_LEAST = 0.005


def _logit(p: float) -> float:
    p = min(max(p, _LEAST), 1 - _LEAST)
    return float(np.log(p / (1 - p)))


def confidence_features(evidence: Evidence) -> FloatArray:
    """What the confidence is made of, shape (N_CONFIDENCE,)."""
    rival = max((p for _, p in evidence.rivals), default=0.0)
    said = 0.0 if evidence.speech is None else _logit(evidence.speech)
    rule = [float(evidence.rule == r) for r in RULES]
    indirect = float(evidence.speech is None)
    return np.array([1.0, _logit(evidence.score), _logit(rival), said, indirect, *rule], dtype=np.float32)


N_CONFIDENCE = 5 + len(RULES)


def confidence(heads: Mapping[str, FloatArray], evidence: Evidence) -> float:
    """Probability that the speaker is right; a model without calibration gives the scorer's own."""
    if WEIGHTS not in heads:
        return min(1.0, max(0.0, evidence.score))
    return float(1 / (1 + np.exp(-heads[WEIGHTS] @ confidence_features(evidence))))
