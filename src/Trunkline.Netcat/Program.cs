using Trunkline.Netcat;

var program = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
return await NetcatProgram.RunAsync(program, args, NetcatStreams.OfProcess(), TimeProvider.System);
