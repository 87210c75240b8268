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

/** Keeps the files of some names, and judges nothing: whoever hashes the model does that. */
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
    // A model of one file has one, which is asked about like any other.
  }

  @Override
  public void leftOut(UncoveredEntry entry) {
    // It is not compared.
  }

  @Override
  public void irregular(IrregularEntry entry) {
    // Whoever hashes the model refuses it.
  }

  @Override
  public void finding(Finding finding) {
    // Whoever hashes the model is told as well.
  }
}
