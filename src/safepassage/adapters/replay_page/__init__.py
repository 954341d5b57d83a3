"""The page of a replay."""
def replay_html(r): return "x"
