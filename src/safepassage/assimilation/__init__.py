"""What do we believe after a report? Observation errors, weights, resampling, ensemble Kalman updates."""
