package dev.modelsigning.inspection;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Collects the files with certain names, without any checks: the hasher of the model makes them.
 */
final class FoundFiles implements Listing {

  private final Predicate<String> names;
  private final Map<String, ModelFile> files = new ConcurrentHashMap<>();

  FoundFiles(Predicate<String> names) {
    this.names = names;
  }

  Map<String, ModelFile> files() {
    return files;
  }

  @Override
  public boolean wants(ModelFile file) {
    if (names.test(file.name())) {
      files.put(file.name(), file);
    }
    return false;
  }

  @Override
  public void file(ModelFile file) {
    throw new IllegalStateException("not asked for: " + file.name());
  }

  @Override
  public void hashed(Hashed outcome) {
    throw new IllegalStateException("not asked for: " + outcome.file().name());
  }

  @Override
  public void singleFile() {
    // A model of a single file has one name, which is asked for like any other.
  }

  @Override
  public void leftOut(UncoveredEntry entry) {
    // It is not compared.
  }

  @Override
  public void irregular(IrregularEntry entry) {
    // The hasher of the model refuses it.
  }

  @Override
  public void finding(Finding finding) {
    // The hasher of the model receives it too.
  }
}
