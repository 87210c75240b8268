package dev.modelsigning.update;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import java.util.List;

/**
 * Keeps the files of a model as they are listed.
 *
 * @param files the files found so far
 */
record CollectedFiles(List<ModelFile> files) implements Listing {

  @Override
  public void singleFile() {}

  @Override
  public synchronized boolean wants(ModelFile file) {
    files.add(file);
    return false;
  }

  @Override
  public void file(ModelFile file) {}

  @Override
  public void hashed(Hashed outcome) {}

  @Override
  public void leftOut(UncoveredEntry entry) {}

  @Override
  public void irregular(IrregularEntry entry) {}

  @Override
  public void finding(Finding finding) {}
}
