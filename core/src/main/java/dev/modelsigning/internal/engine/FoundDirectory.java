package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory with its identity when it was found, so that a replacement is detected.
 *
 * @param path the directory
 * @param key the identity of the directory (device and inode), or null if the file system has none
 * @param followLinks whether the path may be a link to it
 */
public record FoundDirectory(Path path, @Nullable Object key, boolean followLinks) {

  /** Its current attributes. */
  BasicFileAttributes attributes() throws IOException {
    return followLinks
        ? Files.readAttributes(path, BasicFileAttributes.class)
        : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
