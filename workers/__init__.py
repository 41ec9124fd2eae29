"""What happens later: sweeps over rows that are due, woken by a timetable."""
