package dev.modelsigning.local;

import dev.modelsigning.internal.engine.DirectoryHandler;
import dev.modelsigning.internal.engine.DirectoryScan;
import dev.modelsigning.internal.engine.FoundDirectory;
import dev.modelsigning.internal.engine.OpenDirectory;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A model in a Kubernetes volume that is made of a ConfigMap, a Secret or projected sources. There
 * the files are in a directory with a time stamp in its name, {@code ..data} is a link to that
 * directory, and programs open links: {@code config.json} to {@code ..data/config.json}, and {@code
 * tokenizer} to {@code ..data/tokenizer} for everything below it.
 *
 * <p>The target directory is read like a {@link DirectorySource}, so no link is followed; and each
 * of its entries must be the target of the link with the same name, so that programs open exactly
 * what was read. Everything else is irregular: entries without a link, files next to the links,
 * links to other targets, directories of earlier updates. {@code ..data} and its directory are
 * reported as left out ({@link Reason#VOLUME_LAYOUT}). An update of the volume in the meantime is
 * an error.
 */
public final class KubernetesVolume implements ModelSource {

  private final Path volume;

  private KubernetesVolume(Path volume) {
    this.volume = volume;
  }

  /**
   * Returns the model in a volume.
   *
   * @param volume where the volume is mounted; it need not exist yet
   */
  public static KubernetesVolume at(Path volume) {
    return new KubernetesVolume(volume);
  }

  @Override
  public String name() throws IOException {
    return ModelPath.nameOf(volume);
  }

  @Override
  public String location() {
    return volume.toString();
  }

  /**
   * The path by which programs open a file, even if the file is named by its path in the target
   * directory.
   */
  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    Optional<String> behind =
        ModelPath.within(volume.resolve(VolumeLayout.of(volume).data()), file);
    return behind.isPresent() ? behind : ModelPath.within(volume, file);
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(volume, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isDirectory()) {
      throw new FileSystemException(
          volume.toString(), null, "expected the directory where a Kubernetes volume is mounted");
    }
    VolumeLayout layout = VolumeLayout.of(volume);
    Path data = volume.resolve(layout.data());
    listing.leftOut(
        new UncoveredEntry(VolumeLayout.DATA, EntryKind.SYMBOLIC_LINK, Reason.VOLUME_LAYOUT));
    listing.leftOut(new UncoveredEntry(layout.data(), EntryKind.DIRECTORY, Reason.VOLUME_LAYOUT));
    layout
        .strays()
        .forEach(
            (name, kind) -> listing.irregular(IrregularEntry.of(name, volume + "/" + name, kind)));
    ModelWalk walk = new ModelWalk(data, selection, false, hashing, listing);
    LocalDigester.hasher(hashing.orElse(DirectorySource.ONLY_LISTING))
        .scan(
            new LinkedOnly(walk, layout, listing),
            ModelWalk.top(),
            new FoundDirectory(data, layout.key(), false));
    if (!VolumeLayout.of(volume).equals(layout)) {
      throw new FileSystemException(
          volume.toString(), null, "the volume was updated while the model was read; try again");
    }
  }

  /** Restricts a walk to the entries to which the links at the top lead. */
  private record LinkedOnly(ModelWalk walk, VolumeLayout layout, Listing listing)
      implements DirectoryHandler<ModelWalk.Directory> {

    @Override
    public void entry(
        ModelWalk.Directory directory,
        OpenDirectory open,
        Path entry,
        DirectoryScan<ModelWalk.Directory> scan)
        throws IOException, InterruptedException {
      String name = PathNames.lastComponent(entry);
      if (!directory.prefix.isEmpty() || name == null || layout.linked().contains(name)) {
        walk.entry(directory, open, entry, scan);
      } else if (!layout.strays().containsKey(name)) {
        // If programs find something else in its place, that was already reported.
        listing.irregular(
            IrregularEntry.of(name, entry.toString(), EntryKind.NOT_LINKED_IN_VOLUME));
      }
    }

    @Override
    public void unlistable(ModelWalk.Directory directory, Path path, IOException failure)
        throws IOException {
      walk.unlistable(directory, path, failure);
    }
  }
}
