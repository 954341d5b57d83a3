"""SafePassage: forecasts where people on the move will be, so that the towns on the way can be ready."""
