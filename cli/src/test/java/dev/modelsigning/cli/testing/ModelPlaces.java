package dev.modelsigning.cli.testing;

import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The layouts of models that were downloaded or mounted. */
public final class ModelPlaces {

  /** The directory behind {@code ..data} of a volume. */
  public static final String DATA = "..2026_11_26_04_00_00.123456789";

  /** Where a model lies in a cache. */
  public static final String SNAPSHOT =
      "models--example--my-model/snapshots/0123456789abcdef0123456789abcdef01234567";

  private ModelPlaces() {}

  private static List<Path> files(Path model) throws IOException {
    try (Stream<Path> all = Files.walk(model)) {
      return all.filter(Files::isRegularFile).map(model::relativize).sorted().toList();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    return Files.copy(from, to);
  }

  /** What {@code hf download --local-dir} leaves: the files, and its notes beside them. */
  public static Path download(Path model, Path to) throws IOException {
    Models.write(to, ".gitattributes", "* lfs\n", ".cache/huggingface/.gitignore", "*");
    for (Path file : files(model)) {
      copy(model.resolve(file), to.resolve(file));
      String note = ".cache/huggingface/download/" + file;
      Models.write(to, note + ".metadata", "0123\nabc\n1764129600.5\n", note + ".lock", "");
    }
    return to;
  }

  /** What {@code hf download} leaves in its cache: links to blobs. Returns the snapshot. */
  public static Path cache(Path model, Path hub) throws IOException {
    Path snapshot = hub.resolve(SNAPSHOT);
    Path blobs = hub.resolve("models--example--my-model/blobs");
    Files.createDirectories(snapshot);
    int number = 0;
    for (Path file : files(model)) {
      Path blob = copy(model.resolve(file), blobs.resolve("abcdef" + number++));
      Path link = snapshot.resolve(file);
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, link.getParent().relativize(blob));
    }
    return snapshot;
  }

  /** A volume as the kubelet writes it from a ConfigMap or a Secret. */
  public static Path volume(Path model, Path mount) throws IOException {
    for (Path file : files(model)) {
      copy(model.resolve(file), mount.resolve(DATA).resolve(file));
      Path top = mount.resolve(file.getName(0));
      if (!Files.isSymbolicLink(top)) {
        Files.createSymbolicLink(top, Path.of("..data").resolve(file.getName(0)));
      }
    }
    Files.createSymbolicLink(mount.resolve("..data"), Path.of(DATA));
    return mount;
  }
}
