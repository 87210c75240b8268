package dev.modelsigning.cli.policy;

import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import java.io.IOException;
import java.util.Optional;

/** A model in a registry that could not be opened: there is only its reference. */
record Unopened(String location, IOException why) implements ModelSource {

  @Override
  public String name() throws IOException {
    throw why;
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    throw why;
  }
}
