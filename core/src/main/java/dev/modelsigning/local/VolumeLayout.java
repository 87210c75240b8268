package dev.modelsigning.local;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.EntryKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries at the top of a Kubernetes volume.
 *
 * @param data the name of the directory that {@code ..data} leads to
 * @param key its identity (device and inode), or null if the file system has none
 * @param linked the names of the links that lead to an entry of the same name in it
 * @param strays all other entries by name, escaped where it cannot be represented
 */
record VolumeLayout(
    String data, @Nullable Object key, Set<String> linked, Map<String, EntryKind> strays) {

  /** The link that is replaced when the volume is updated. */
  static final String DATA = "..data";

  /** The prefix of all names that belong to the layout, and of no file. */
  private static final String HIDDEN = "..";

  VolumeLayout {
    linked = Set.copyOf(linked);
    strays = Map.copyOf(strays);
  }

  /**
   * Reads the layout of a volume.
   *
   * @throws IOException if it cannot be read, or has no {@code ..data} that leads to a directory
   *     next to it
   */
  static VolumeLayout of(Path volume) throws IOException {
    String data = data(volume);
    Path directory = volume.resolve(data);
    Object key = attributes(directory).fileKey();
    Set<String> linked = new HashSet<>();
    Map<String, EntryKind> strays = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(volume)) {
      for (Path entry : entries) {
        String name = PathNames.lastComponent(entry);
        if (name == null || CanonicalPath.problem(name) != null) {
          strays.put(
              Printable.escape(String.valueOf(entry.getFileName())),
              EntryKind.UNREPRESENTABLE_NAME);
        } else if (!name.equals(DATA) && !name.equals(data)) {
          EntryKind kind = stray(volume, directory, entry, name);
          if (kind == null) {
            linked.add(name);
          } else {
            strays.put(name, kind);
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new VolumeLayout(data, key, linked, strays);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static String data(Path volume) throws IOException {
    Path link = volume.resolve(DATA);
    boolean found;
    try {
      found = attributes(link).isSymbolicLink();
    } catch (NoSuchFileException e) {
      found = false;
    }
    if (!found) {
      throw new FileSystemException(
          volume.toString(),
          null,
          "is not laid out as a Kubernetes volume, expected a symbolic link "
              + DATA
              + " in it; where files are mounted by subPath they are plain files");
    }
    Path target = Files.readSymbolicLink(link);
    String name = PathNames.lastComponent(volume.resolve(target));
    boolean beside =
        !target.isAbsolute()
            && target.getNameCount() == 1
            && name != null
            && name.startsWith(HIDDEN)
            && name.length() > HIDDEN.length()
            && !name.equals(DATA);
    if (!beside || !attributes(volume.resolve(target)).isDirectory()) {
      throw new FileSystemException(
          link.toString(),
          null,
          "expected a symbolic link to a directory beside it whose name begins with '..', found one"
              + " to "
              + Printable.quote(target.toString()));
    }
    return Objects.requireNonNull(name);
  }

  /**
   * The kind of an entry that is not a link to the entry of the same name, or null if it is such a
   * link.
   */
  private static @Nullable EntryKind stray(Path volume, Path data, Path entry, String name)
      throws IOException {
    if (!attributes(entry).isSymbolicLink()) {
      return EntryKind.NO_LINK_OF_VOLUME;
    }
    Path target = Files.readSymbolicLink(entry);
    boolean leadsThere =
        !target.isAbsolute()
            && target.getNameCount() == 2
            && target.startsWith(DATA)
            && name.equals(PathNames.lastComponent(volume.resolve(target)));
    if (!leadsThere) {
      return EntryKind.NO_LINK_OF_VOLUME;
    }
    return Files.exists(data.resolve(target.getName(1)), LinkOption.NOFOLLOW_LINKS)
        ? null
        : EntryKind.BROKEN_LINK;
  }
}
