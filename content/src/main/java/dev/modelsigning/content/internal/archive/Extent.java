package dev.modelsigning.content.internal.archive;

/**
 * A part of a zip file: an entry from its local header to the end of its data, or a central
 * directory.
 *
 * @param from the offset of its first byte
 * @param to the offset after its last byte
 */
record Extent(long from, long to) {}
