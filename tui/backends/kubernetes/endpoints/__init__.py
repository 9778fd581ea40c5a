"""Endpoints: where the release is to be reached, and whether it answers there.

They are read from Services, Ingresses and pods (`finding`), asked over the network (`asking`), and
told with their answers (`telling`).
"""
