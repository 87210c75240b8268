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
 * A copy of a model that holds the very bytes that were hashed: no loader has to open again what
 * somebody could have exchanged since. It has the files whose digests are wanted, and nothing else:
 * no modes, links, attributes or times of the source. It is there complete, or not at all.
 *
 * <p>Whoever makes one verifies {@link #source()} in place of the model, and publishes the copy if
 * the model is the one that was signed.
 */
public final class VerifiedCopy implements AutoCloseable {

  private final ModelSource model;
  private final FreshDirectory directory;

  /** The files that are not complete. */
  private final Map<CopiedFile, Boolean> pending =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private VerifiedCopy(ModelSource model, FreshDirectory directory) {
    this.model = model;
    this.directory = directory;
  }

  /**
   * Begins a copy.
   *
   * @param model what is copied
   * @param target the directory that it will have, where nothing is
   * @throws IOException if something is there, it lies in the model, others can write to a
   *     directory above it, or it cannot be made
   */
  public static VerifiedCopy begin(ModelSource model, Path target) throws IOException {
    requirePlace(model, target);
    return new VerifiedCopy(model, FreshDirectory.begin(target));
  }

  /**
   * Finds out whether there can be a copy at a place, and makes nothing.
   *
   * @throws IOException if there can be none, as in {@link #begin}
   */
  public static void requirePlace(ModelSource model, Path target) throws IOException {
    if (model.nameOf(target).isPresent()) {
      throw new FileSystemException(
          target.toString(), null, "lies in the model; a copy of it belongs elsewhere");
    }
    FreshDirectory.place(target);
  }

  /** The model; what is read of it is copied. It can be read once. */
  public ModelSource source() {
    return new Copying();
  }

  /**
   * Has the copy appear. Only called once all of it was found to be what was signed.
   *
   * @throws IOException if not all was written, something has the directory's name by now, or the
   *     copy cannot get it
   */
  public void publish() throws IOException {
    for (CopiedFile file : pending()) {
      throw new FileSystemException(file.location(), null, file.state());
    }
    directory.publish();
  }

  /** Removes what was written, unless it was published. */
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

    /** Lists only: what a source hashes itself, or knows, it does not hand out to be copied. */
    @Override
    public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
        throws IOException {
      model.list(selection, Optional.empty(), new Copied(listing));
    }
  }

  /** Hands on what is found, files as such that are copied. */
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
