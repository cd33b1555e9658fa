"""What people see first: shell, sign-in, landing, jobs, errors."""
