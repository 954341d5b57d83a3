"""How good was it, beside naive forecasts? Scores and baselines on plain arrays."""
