"""What is needed where, and who could bring what there: needs by profile, deliveries by an optimum."""
