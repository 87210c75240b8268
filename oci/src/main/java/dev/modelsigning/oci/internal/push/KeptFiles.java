package dev.modelsigning.oci.internal.push;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory that remembers the files that were hashed, each in the version that was found, so
 * that exactly these are pushed afterwards.
 */
public final class KeptFiles implements ModelSource {

  private final ModelSource directory;
  private final Map<String, ModelFile> files = new ConcurrentHashMap<>();

  /** Where links to files were found. */
  private final Set<String> links = ConcurrentHashMap.newKeySet();

  /** The files of a directory, which are not listed yet. */
  public KeptFiles(Path directory) {
    this.directory = DirectorySource.of(directory);
  }

  /**
   * A file that was hashed.
   *
   * @param name its name in the model
   */
  public ModelFile file(String name) {
    ModelFile file = files.get(name);
    if (file == null) {
      throw new IllegalStateException(name + " was not hashed");
    }
    return file;
  }

  /** Whether there was a link to a file at a place, as messages name it. */
  public boolean isLink(String location) {
    return links.contains(location);
  }

  /**
   * Checks that all files are still those that were hashed.
   *
   * @throws IOException if one changed; the message names it
   */
  public void requireUnchanged() throws IOException {
    for (ModelFile file : files.values()) {
      file.requireUnchanged();
    }
  }

  @Override
  public String name() throws IOException {
    return directory.name();
  }

  @Override
  public String location() {
    return directory.location();
  }

  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    return directory.nameOf(file);
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    directory.list(selection, hashing, new Keeping(listing));
  }

  private final class Keeping implements Listing {
    private final Listing listing;

    Keeping(Listing listing) {
      this.listing = listing;
    }

    @Override
    public void singleFile() {
      listing.singleFile();
    }

    @Override
    public boolean wants(ModelFile file) throws IOException {
      boolean wanted = listing.wants(file);
      if (wanted) {
        files.put(file.name(), file);
        if (files.size() > ModelPack.MAX_FILES) {
          throw new FileSystemException(location(), null, ModelPack.tooMany(files.size()));
        }
      }
      return wanted;
    }

    @Override
    public void file(ModelFile file) throws IOException {
      listing.file(file);
    }

    @Override
    public void hashed(Hashed outcome) throws IOException {
      listing.hashed(outcome);
    }

    @Override
    public void leftOut(UncoveredEntry entry) {
      listing.leftOut(entry);
    }

    @Override
    public void irregular(IrregularEntry entry) {
      if (entry.kind() == EntryKind.SYMBOLIC_LINK) {
        links.add(entry.location());
      }
      listing.irregular(entry);
    }

    @Override
    public void finding(Finding finding) {
      listing.finding(finding);
    }
  }
}
