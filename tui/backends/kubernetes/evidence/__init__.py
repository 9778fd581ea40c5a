"""Evidence: what a verdict needs and the API's objects do not hold.

It is asked for by what a picture shows (`wanting`), fetched (`gathering`), and put into the picture
(`merging`).
"""
