package dev.modelsigning.policy.result;

/**
 * A signature that was found and could not be read.
 *
 * @param location where it is, for display
 * @param why why it could not be read
 */
public record UnreadSignature(String location, String why) {}
