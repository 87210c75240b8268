package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.content.internal.card.CardReadingRules;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Inspects the header of a file of tensors, after the whole file was hashed. */
final class TensorInspection implements FileInspection {

  private final String name;
  private final TensorFormat format;

  TensorInspection(String name, TensorFormat format) {
    this.name = name;
    this.format = format;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    return false;
  }

  @Override
  public FileFacts end(Optional<FileParts> parts) throws IOException {
    if (parts.isEmpty()) {
      return facts(
          finding(
              CardReadingRules.TENSORS_NOT_READ,
              "its header was not read, as the model is where files cannot be read in parts"));
    }
    return format == TensorFormat.GGUF ? gguf(parts.get()) : safetensors(parts.get());
  }

  private FileFacts safetensors(FileParts file) throws IOException {
    try {
      SafetensorsHeader.read(file);
      return FileFacts.NONE;
    } catch (UnreadTensorsException e) {
      return facts(finding(e.rule(), "" + e.getMessage()));
    }
  }

  private FileFacts gguf(FileParts file) throws IOException {
    GgufHeader header = new GgufHeader(file);
    List<CardEntry> card = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    try {
      header.read();
      var values = GgufFacts.card(header.strings());
      card.addAll(values.entries(name));
      findings.addAll(values.findings(name));
      if (!header.unknownTypes().isEmpty()) {
        findings.add(
            finding(
                CardReadingRules.TENSORS_NOT_READ,
                "has tensors of types that are not known here: "
                    + unsigned(header.unknownTypes())));
      }
    } catch (UnreadTensorsException e) {
      findings.add(finding(e.rule(), "" + e.getMessage()));
    }
    // Independent of errors after them: a program that continues to read has these templates.
    List<RunnableContent> templates = GgufFacts.templates(name, header.keys());
    return new FileFacts(templates, card, findings);
  }

  private static String unsigned(Iterable<Integer> types) {
    TreeSet<Long> sorted = new TreeSet<>();
    types.forEach(type -> sorted.add(Integer.toUnsignedLong(type)));
    List<String> first = sorted.stream().limit(5).map(String::valueOf).toList();
    return String.join(", ", first) + (sorted.size() > first.size() ? " and others" : "");
  }

  private static FileFacts facts(Finding finding) {
    return new FileFacts(List.of(), List.of(), List.of(finding));
  }

  private Finding finding(Rule rule, String problem) {
    return Finding.of(rule, name + ": " + problem).withFile(name);
  }
}
