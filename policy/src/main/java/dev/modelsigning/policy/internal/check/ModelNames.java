package dev.modelsigning.policy.internal.check;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names of the files and links of a model, listed once and without reading any: a cheap way to
 * see that a signature is about another model.
 */
final class ModelNames implements Listing {

  private static final int MOST_NAMED = 3;

  // Listings may be written by several threads.
  private final Set<String> names = new HashSet<>();
  private final List<String> links = new ArrayList<>();
  private boolean single;

  private ModelNames() {}

  /**
   * Lists a model, following links to files.
   *
   * @throws IOException if it cannot be listed
   */
  static ModelNames of(ModelSource model) throws IOException {
    return of(model, true);
  }

  /**
   * Lists a model without following links.
   *
   * @throws IOException if it cannot be listed
   */
  static ModelNames withoutFollowing(ModelSource model) throws IOException {
    return of(model, false);
  }

  private static ModelNames of(ModelSource model, boolean following) throws IOException {
    ModelNames all = new ModelNames();
    ModelHasher.builder()
        .reading(Reading.withDefaults().allowSymlinks(following))
        .build()
        .list(model, all);
    return all;
  }

  /**
   * What is missing of what was signed.
   *
   * @param paths the first missing names, for display
   * @param number how many are missing
   * @param signed how many were signed
   */
  record Missing(List<String> paths, int number, int signed) {

    /** Whether so much is missing that it is rather the signature of another model. */
    boolean isMost() {
      return number > signed / 2;
    }

    String text() {
      return number
          + " of the "
          + signed
          + " files that were signed are not there: "
          + String.join(", ", paths)
          + (number > paths.size() ? " and " + (number - paths.size()) + " more" : "");
    }
  }

  /** The files of a manifest that are not there; empty if all are. */
  synchronized Optional<Missing> missing(Manifest manifest) {
    if (single) {
      // Its name may differ from the signed one; the comparison knows when.
      return Optional.empty();
    }
    int number = 0;
    List<String> first = new ArrayList<>();
    for (String path : manifest.paths()) {
      if (!names.contains(path)) {
        number++;
        if (first.size() < MOST_NAMED) {
          first.add(Printable.brief(path));
        }
      }
    }
    return number == 0
        ? Optional.empty()
        : Optional.of(new Missing(first, number, manifest.fileCount()));
  }

  /** The links that were not followed, sorted. */
  synchronized List<String> links() {
    return links.stream().sorted().toList();
  }

  @Override
  public synchronized void singleFile() {
    single = true;
  }

  @Override
  public synchronized boolean wants(ModelFile file) {
    names.add(file.name());
    return false;
  }

  @Override
  public void file(ModelFile file) {}

  @Override
  public void hashed(Hashed outcome) {}

  @Override
  public void leftOut(UncoveredEntry entry) {}

  @Override
  public synchronized void irregular(IrregularEntry entry) {
    // A link, for one: it may have taken the place of a file, which the comparison tells.
    names.add(entry.name());
    if (ForbidCheck.isLink(entry.kind())) {
      links.add(entry.name());
    }
  }

  @Override
  public void finding(Finding finding) {}
}
