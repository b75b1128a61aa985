global using LabelledSamples = BlindGrain.Compiler.Data.LabelledSamples;
