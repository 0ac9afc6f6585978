"""A sample portal: real reference tables, sample OPD, banner."""
