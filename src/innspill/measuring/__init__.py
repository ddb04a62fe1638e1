"""An analysis against known answers: pairing, figures, baselines."""
