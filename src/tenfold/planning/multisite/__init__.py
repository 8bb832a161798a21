"""One run over several sites: algorithm, sync period and shares of the batch.

goal, plan          records that go in and come out
schema, file        the TOML a person writes
multisite           ``plan_multisite``
columns, evaluate   designs as columns (algorithm × period × sites), evaluated at points of the uncertain inputs
inputs              the uncertain inputs
speed, topology     how fast each campus trains its share; rings and shortest ways over the links
power, describe     which campuses have the power; winners as records
"""
