"""The same rules by other hands: Mesa, plain numpy, C, and Flee itself."""
