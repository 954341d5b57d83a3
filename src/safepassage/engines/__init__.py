"""How do people move through a day? Rules, kernels and the one loop that runs them."""
