"""What a row tells of one person, a file for each part: texts by field, where they are from, how to reach them, birth."""
