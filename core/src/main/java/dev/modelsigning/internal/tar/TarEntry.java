package dev.modelsigning.internal.tar;

/**
 * A file or a directory in an archive; there are no other entries, as {@link TarReader} refuses
 * them.
 *
 * @param name its name, without {@code ./} at the start and {@code /} at the end; empty for the
 *     directory that was archived. It is not checked further
 * @param directory whether it is a directory
 * @param size the length of the file in bytes; 0 for a directory
 */
public record TarEntry(String name, boolean directory, long size) {}
