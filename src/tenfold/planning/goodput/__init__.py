"""What failures do to one job, asked and answered.

asked       what can be asked, and everything that may be wrong with it
inputs      from names and figures to the question of the reliability room
report      the answer as people and pages read it
"""
