package dev.modelsigning.internal.document;

import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.internal.json.JsonWriter;

/** Writes what was found in the files of a model as JSON. */
public final class ContentJson {

  private ContentJson() {}

  /** Writes the members. */
  public static void write(ContentFacts facts, JsonWriter json) {
    json.array("runnable", list -> facts.runnable().forEach(one -> write(one, list)))
        .integer("moreRunnable", facts.moreRunnable())
        .array("card", list -> facts.card().forEach(one -> write(one, list)));
  }

  private static void write(RunnableContent one, JsonWriter json) {
    json.object(fields -> {
      fields.string("file", one.file());
      one.part().ifPresent(part -> fields.string("part", part));
      fields
          .string("kind", one.kind().code())
          .array("names", names -> one.names().forEach(names::string))
          .integer("moreNames", one.more())
          .bool("unusual", one.unusual());
    });
  }

  private static void write(CardEntry entry, JsonWriter json) {
    json.object(fields ->
        fields
            .string("field", entry.field().code())
            .array("values", values -> entry.values().forEach(values::string))
            .string("file", entry.file()));
  }
}
