package dev.modelsigning.split;

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
import java.nio.file.Path;
import java.util.Optional;

/**
 * A part of a model. What belongs to no part at all is passed with the first one, so that every
 * entry is judged once: there it is not signed.
 *
 * @param model the model
 * @param prefixes the prefixes of all parts
 * @param part the number of this part, from 0
 * @param lists receives what was seen of all files, for each list of the model
 */
record PartSource(ModelSource model, Prefixes prefixes, int part, Lists lists)
    implements ModelSource {

  /** Receives what was seen in each list. */
  interface Lists {
    void accept(Seen seen) throws IOException;
  }

  private boolean isMine(String name) {
    int found = prefixes.of(name);
    return found == part || (part == 0 && found == Prefixes.NONE);
  }

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

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    Seen seen = new Seen(selection);
    model.list(selection, hashing, new Mine(listing, seen));
    lists.accept(seen);
  }

  /** Passes on what belongs to this part. */
  private final class Mine implements Listing {
    private final Listing listing;
    private final Seen seen;

    Mine(Listing listing, Seen seen) {
      this.listing = listing;
      this.seen = seen;
    }

    @Override
    public void singleFile() {
      listing.singleFile();
    }

    @Override
    public boolean wants(ModelFile file) throws IOException {
      seen.add(file);
      return isMine(file.name()) && listing.wants(file);
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
      if (isMine(entry.name())) {
        listing.leftOut(entry);
      }
    }

    @Override
    public void irregular(IrregularEntry entry) {
      if (isMine(entry.name())) {
        listing.irregular(entry);
      }
    }

    @Override
    public void finding(Finding finding) {
      listing.finding(finding);
    }
  }
}
