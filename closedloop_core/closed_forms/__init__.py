"""Closed forms: dashed lines on screen, and in tests what simulations must agree with.

Nothing here simulates, or imports what does, so that agreement means something. Symbols are those
of the README: p_0 the original law, q the reference, k the sample size, N_0 the original size, T
the temperature, a the external share.
"""
