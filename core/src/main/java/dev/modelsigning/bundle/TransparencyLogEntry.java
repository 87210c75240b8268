package dev.modelsigning.bundle;

/**
 * An entry of a transparency log, as it stands in a bundle (Sigstore {@code TransparencyLogEntry}).
 * Its fields are the business of the method {@code sigstore}.
 *
 * @param json the entry as compact JSON text
 */
public record TransparencyLogEntry(String json) {}
