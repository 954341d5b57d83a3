"""What may be shown to whom? Suppression, coarsening, delay."""
