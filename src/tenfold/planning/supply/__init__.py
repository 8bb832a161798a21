"""What a price, an offer and the assessment of any work mean, whatever the work is.

tiers, deep, soon,  how many chips are had for what, on which terms
  spot
offer, offers       what each chip can be had for: records; found for many counts, or for one count at one site
rows, held          designs as columns: work, limits, rows; what they take and cost
durations, evaluate how long, and for how much, at points of the uncertain inputs
outcome, assess     both together; chances and quantiles over the draws
choose, short       feasible, ranked, Pareto; what was short and the nearest change that would fit
describe            energy, and terms that add up
"""
