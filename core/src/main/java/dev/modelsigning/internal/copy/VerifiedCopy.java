package dev.modelsigning.internal.copy;

import dev.modelsigning.finding.Finding;
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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A copy of a model with exactly the bytes that were hashed, so that a loader need not open the
 * original again, which could have been replaced since. It contains the files whose digests are
 * requested, and nothing else: no modes, links, attributes or times of the source. It appears
 * complete or not at all.
 *
 * <p>The caller verifies {@link #source()} instead of the model, and publishes the copy if
 * verification succeeds.
 */
public final class VerifiedCopy implements AutoCloseable {

  private final ModelSource model;
  private final FreshDirectory directory;

  /** The files that are incomplete. */
  private final Map<CopiedFile, Boolean> pending =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private VerifiedCopy(ModelSource model, FreshDirectory directory) {
    this.model = model;
    this.directory = directory;
  }

  /**
   * Begins a copy in a temporary directory.
   *
   * @param model the model to copy
   * @param target the directory to create, which must not exist
   * @throws IOException if it exists, lies in the model, has a parent directory that others can
   *     write to, or cannot be created
   */
  public static VerifiedCopy begin(ModelSource model, Path target) throws IOException {
    requirePlace(model, target);
    return new VerifiedCopy(model, FreshDirectory.begin(target));
  }

  /**
   * Checks whether a copy can be created at a path, without creating anything.
   *
   * @throws IOException if it cannot, as in {@link #begin}
   */
  public static void requirePlace(ModelSource model, Path target) throws IOException {
    if (model.nameOf(target).isPresent()) {
      throw new FileSystemException(
          target.toString(), null, "lies in the model; a copy of it belongs elsewhere");
    }
    FreshDirectory.place(target);
  }

  /** The model as a source that copies what is read from it. It can be read once. */
  public ModelSource source() {
    return new Copying();
  }

  /**
   * Makes the copy appear. Must only be called once all of it was found to match what was signed.
   *
   * @throws IOException if not all was written, the path of the directory exists now, or the rename
   *     fails
   */
  public void publish() throws IOException {
    for (CopiedFile file : pending()) {
      throw new FileSystemException(file.location(), null, file.state());
    }
    directory.publish();
  }

  /** Deletes what was written, unless it was published. */
  @Override
  public void close() throws IOException {
    try (directory) {
      for (CopiedFile file : pending()) {
        file.abandon();
      }
    }
  }

  private CopiedFile[] pending() {
    return pending.keySet().toArray(new CopiedFile[0]);
  }

  private final class Copying implements ModelSource {
    @Override
    public String name() throws IOException {
      return model.name();
    }

    @Override
    public String location() {
      return model.location();
    }

    @Override
    public Optional<String> nameOf(Path file) throws IOException {
      return model.nameOf(file);
    }

    /**
     * Lists without digests: files that a source hashes itself, or whose digests it knows, would
     * not be read and copied.
     */
    @Override
    public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
        throws IOException {
      model.list(selection, Optional.empty(), new Copied(listing));
    }
  }

  /** Passes on what is found, with files replaced by files that are copied. */
  private final class Copied implements Listing {
    private final Listing listing;
    private final Map<ModelFile, CopiedFile> asked =
        Collections.synchronizedMap(new IdentityHashMap<>());

    Copied(Listing listing) {
      this.listing = listing;
    }

    @Override
    public void singleFile() {
      listing.singleFile();
    }

    @Override
    public boolean wants(ModelFile file) throws IOException {
      CopiedFile copied = new CopiedFile(file, directory, pending::remove);
      boolean wanted = listing.wants(copied);
      if (wanted) {
        asked.put(file, copied);
      }
      return wanted;
    }

    @Override
    public void file(ModelFile file) throws IOException {
      CopiedFile copied = asked.remove(file);
      if (copied == null) {
        throw new FileSystemException(
            file.location(), null, "was handed out twice, or was not asked for");
      }
      if (copied.size() == 0) {
        copied.createEmpty();
      } else {
        pending.put(copied, true);
      }
      listing.file(copied);
    }

    /** A digest that the source knows proves nothing about bytes that are yet to be read. */
    @Override
    public void hashed(Hashed outcome) throws IOException {
      file(outcome.file());
    }

    @Override
    public void leftOut(UncoveredEntry entry) {
      listing.leftOut(entry);
    }

    @Override
    public void irregular(IrregularEntry entry) {
      listing.irregular(entry);
    }

    @Override
    public void finding(Finding finding) {
      listing.finding(finding);
    }
  }
}
