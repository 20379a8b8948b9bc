"""Technical parts that know no case."""
