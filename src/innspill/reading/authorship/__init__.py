"""Whose words a text holds, and whom a sender speaks for."""
