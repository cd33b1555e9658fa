"""What a loan and its cover cost: day counts, due dates, schedules, premiums, APR. Pure."""
