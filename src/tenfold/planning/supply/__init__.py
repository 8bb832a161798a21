"""What a price, an offer and the assessment of any work mean, whatever the work is.

offers            what each chip can be had for
had                 what one count of chips is had for at one site: asked by the questions beside a plan
rows              designs as columns: work, limits, rows, what became of them
evaluate, assess  finish and cost at points of the uncertain inputs; chances and quantiles over the draws
choose, short     feasible, ranked, Pareto; what was short and the nearest change that would fit
describe          energy, and terms that add up
"""
