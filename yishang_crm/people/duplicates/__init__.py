"""Who might be recorded twice: what is compared, how candidates meet, how a pair is weighed, what moves in a merge."""
