"""Planning: a goal and the means to reach it become a plan; a package for each question.

drawn            the table of uncertain inputs, from the catalog
supply           what a price, an offer and the assessment of any work mean
run_asked        a training run that another question needs the price of; ``plan`` prices it, ``studies`` hands it over
plan             chips, layout, supply, site for a goal: ``train``, ``serve``, and ``portfolio`` for several of them
estimate, estimate_config, search   one training step under a layout; every layout
goodput, tco, multisite, rental, rent_or_own, build_or_buy, procurement, contagion   the questions beside it
"""
