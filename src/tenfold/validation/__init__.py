"""Validation: what was measured against what is predicted.

scoring, folds, fit    errors of predictions; runs kept from a fit; constants fitted to measurements
training               measured training runs: ``validate training`` compares, ``calibrate training`` fits
failures               logs of failures: ``goodput fit``
prices                 the history of prices: ``calibrate prices``
logs                   logs of other programs, read as measurements
"""
