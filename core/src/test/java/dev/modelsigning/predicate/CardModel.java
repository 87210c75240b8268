package dev.modelsigning.predicate;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A signed model in memory, whose first file has a card with the entries that a test wants. */
final class CardModel {

  private static final String CARD = "README.md";
  private static final Forge FORGE = new Forge();

  private final ObjectStore store = new ObjectStore();
  private final List<CardEntry> entries = new ArrayList<>();
  private ModelHasher hasher = ModelHasher.withDefaults();
  private boolean inspected = true;

  /** A model with a card and this name. */
  static CardModel named(String name) {
    CardModel model = new CardModel();
    model.store.named(name).put(CARD, "card");
    return model;
  }

  CardModel file(String name, String content) {
    store.put(name, content);
    return this;
  }

  CardModel card(Field field, String... values) {
    entries.add(new CardEntry(field, List.of(values), CARD));
    return this;
  }

  CardModel hasher(ModelHasher other) {
    hasher = other;
    return this;
  }

  CardModel withoutInspector() {
    inspected = false;
    return this;
  }

  Bundle sign() throws Exception {
    SigningKey key = SigningKey.of(FORGE.keys().privateKey(), FORGE.keys().publicKey());
    return ModelSigner.using(KeySigner.using(key)).withHasher(hasher).sign(store);
  }

  VerifiedModel verify(String... only) throws Exception {
    return verify(sign(), only);
  }

  VerifiedModel verify(Bundle bundle, String... only) throws Exception {
    ModelVerifier.Builder builder = ModelVerifier.builder(FORGE.verifier());
    if (inspected) {
      builder.inspector(
          (name, size, start) -> name.equals(CARD) ? Optional.of(new Reader()) : Optional.empty());
    }
    for (String path : only) {
      builder.only(path);
    }
    return builder.build().verify(store, bundle);
  }

  private final class Reader implements FileInspection {
    @Override
    public boolean accept(ByteBuffer block) {
      return false;
    }

    @Override
    public FileFacts end(Optional<FileParts> parts) {
      return new FileFacts(List.of(), entries, List.of());
    }
  }

  /** The bundle over a statement of any text, validly signed. */
  static Bundle forged(String statement) {
    return FORGE.bundle(statement);
  }
}
