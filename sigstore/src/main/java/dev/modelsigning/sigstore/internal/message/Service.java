package dev.modelsigning.sigstore.internal.message;

/**
 * A service for signing (Sigstore {@code Service}). What is absent is empty, or zero.
 *
 * @param url its address
 * @param majorApiVersion the version of its interface, up to 2^32 - 1
 * @param validFor the period in which it may be used
 * @param operator who operates it
 */
public record Service(String url, long majorApiVersion, TimeRange validFor, String operator) {}
