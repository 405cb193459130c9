"""A large map from A4 sheets 拼接大图: laid out at its full size by the hand-out's engine, then cut with overlaps."""
