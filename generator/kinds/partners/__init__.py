"""Partner cities: sister and friendship cities, and those that may become one."""
