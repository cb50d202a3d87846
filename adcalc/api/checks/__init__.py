"""Is a derivative that somebody wrote right?"""
