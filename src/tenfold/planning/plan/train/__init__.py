"""What of a plan is about training.

candidates        chips × counts, each with its fastest layout
designs, drivers  winners as records; what moves them, and the figures under them
rejected          what was rejected, and why
outlook, campuses failures simulated over the best design; its chips spread over the sites named
"""
